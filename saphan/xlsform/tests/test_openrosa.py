"""What ODK Collect asks for and sends."""

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings

from saphan.xlsform.definition import Form, Node, Question, Repeat
from saphan.xlsform.filling import Filling
from saphan.xlsform.kinds import FILES
from saphan.xlsform.openrosa import Entry, Malformed, MediaFile, as_xform, digest_of, form_list, form_of, headers, manifest, read_submission, response
from saphan.xlsform.tests.making import AT, answered, row
from saphan.xlsform.tests.making import form_of as made_of

FORM = made_of(
    row("text", "a"),
    row("begin group", "g"),
    row("integer", "n"),
    row("end group"),
    row("begin repeat", "r"),
    row("text", "d"),
    row("image", "photo"),
    row("end repeat"),
)


def sent(inner: str, attributes: str = 'id="f" version="1"', meta: str = "<meta><instanceID>uuid:1</instanceID></meta>") -> bytes:
    return f'<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" {attributes}>{inner}{meta}</data>'.encode()


def test_a_submission_is_read_by_place() -> None:
    found = read_submission(sent("<a>x</a><g><n>5</n></g><r><d>one</d></r><r><d>two</d><photo>p.jpg</photo></r>"), FORM)
    assert (found.form_id, found.version, found.instance_id) == ("f", "1", "uuid:1")
    assert found.values == {"a": "x", "n": "5", "d@1": "one", "d@2": "two", "photo@2": "p.jpg"}
    assert (found.repeats, found.files(FORM), found.unknown) == ({"r": "2"}, ("p.jpg",), {})


def test_what_the_form_does_not_know_is_reported_and_not_lost() -> None:
    found = read_submission(sent("<a>x</a><old>1</old><g><gone><deep>2</deep></gone></g>"), FORM)
    assert found.unknown == {"/old": "1", "/g/gone/deep": "2"}


@settings(max_examples=25)
@given(answered())
def test_an_interview_comes_back_as_it_was_sent(form_and_values: tuple[Form, dict[str, str]]) -> None:
    form, values = form_and_values
    filling = Filling(form, values, at=AT)
    xml = sent(_written(filling, form.children, ()), f'id="{form.form_id}" version="{form.version}"')
    assert read_submission(xml, form).values == filling.answers()


def _written(filling: Filling, children: tuple[Node, ...], index: tuple[int, ...]) -> str:
    """A submission as a device would write it."""
    found = ""
    for node in children:
        if not filling.relevant_at(node.code, index):
            continue
        if isinstance(node, Question):
            filling.work_out(node.code)
            found += f"<{node.name}>{filling.value_at(node.code, index)}</{node.name}>"
        elif isinstance(node, Repeat):
            for number in range(1, filling.instances(node.code, index) + 1):
                found += f"<{node.name}>{_written(filling, node.children, (*index, number))}</{node.name}>"
        else:
            found += f"<{node.name}>{_written(filling, node.children, index)}</{node.name}>"
    return found


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "not_xml"),
        (b"<data", "not_xml"),
        (b"<data/>", "no_form"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><data id="f">&a;</data>', "forbidden"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><data id="f"/>', "forbidden"),
        (sent("", 'id="other"'), "other_form"),
        (sent("", meta=""), "no_instance"),
        (b" " * (4 * 1024 * 1024 + 1), "too_large"),
        (sent("<a/>" * 50_001), "too_large"),
        (sent("<g>" * 50 + "</g>" * 50), "too_large"),
    ],
)
def test_a_bad_submission_says_why(xml: bytes, code: str) -> None:
    with pytest.raises(Malformed) as told:
        read_submission(xml, FORM)
    assert told.value.code == code
    assert told.value.sentence


def test_the_form_is_named_before_it_is_looked_up() -> None:
    assert form_of(sent("<x/>", 'id="abc" version="7"')) == ("abc", "7")


def test_a_form_becomes_an_xform_that_names_itself() -> None:
    xform = as_xform(FORM)
    assert b'id="f"' in xform
    assert b'version="1"' in xform
    assert digest_of(xform).startswith("md5:")
    assert len(digest_of(xform)) == 36


def test_the_reason_for_a_question_goes_along_as_guidance() -> None:
    assert b"To know who helps you" in as_xform(made_of(row("text", "a", why="To know who helps you")))
    assert b"To know who helps you" not in as_xform(made_of(row("text", "a", why="To know who helps you", guidance_hint="Ask softly")))


def test_list_manifest_and_answer_are_as_the_specification_has_them() -> None:
    listed = fromstring(form_list([Entry("f", "A & B", "1", "md5:0", "https://example.org/f.xml", "https://example.org/f/manifest")]))
    assert [child.tag.partition("}")[2] for child in listed[0]] == ["formID", "name", "version", "hash", "downloadUrl", "manifestUrl"]
    assert fromstring(manifest([MediaFile("a.png", "md5:1", "https://example.org/a.png")]))[0][0].text == "a.png"
    assert b'nature="submit_success">Thank you' in response("Thank you", 201)
    assert b'nature="submit_error"' in response("No", 400)
    assert headers(100) == {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": "100"}
    assert {"image", "audio", "video", "file"} == FILES
