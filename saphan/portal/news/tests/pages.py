"""Saved pages of our own invention, as different programs leave them."""

TEXT = """Home | News | Library | Contact

THE RIVER POST

Bridge school opens its doors

Published: Monday, 12 March 2012

A school for the children of boat workers has opened beside the old
bridge. It has room for forty children, and lessons are free for
all of them.

The school offers:

* lessons in two languages
* a warm meal at noon
* a nurse on Fridays

The founders asked the town for a second room, and the answer is expected before the rains.

Source: "A school by the bridge", The Delta Times, 10 March 2012. https://delta.example/2012/school

Sign up for our weekly letter and never miss the news! Click here.

Related stories

(c) 2012 The River Post. All rights reserved.
Home | News | Library | Contact
"""

HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry crews learn to ask | Delta Times</title>
<meta property="og:title" content="Ferry crews learn to ask"><link rel="canonical" href="https://delta.example/2015/ferry-crews">
<style>p{color:red}</style><script>var date="1 January 1999";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<div class="col"><h1>Ferry crews learn to ask</h1><div class="date">5 May 2015</div>
<p>Twenty crews of the <b>river ferries</b> have learnt how to notice passengers who may need help.</p>
<h2>What they ask</h2><ol><li>Who has your papers?</li><li>May you go home?</li></ol>
<p>The course goes on in June &amp; July.</p>
<p>Adapted from: &ldquo;Ask, and listen&rdquo;, Harbour Weekly, 4 May 2015</p>
<p><a href="#">Share this</a></p></div>
<form><input name="q">Search the site</form><footer>Copyright 2015 Delta Times</footer></body></html>"""

THAI = """หน้าแรก | ข่าว | ติดต่อเรา

โรงเรียนริมสะพานเปิดรับเด็กสี่สิบคน

12 มีนาคม 2555

โรงเรียนสำหรับลูกของคนงานเรือเปิดแล้วข้างสะพานเก่า รับเด็กได้สี่สิบคนโดยไม่เก็บค่าเรียน

- สอนสองภาษา
- มีอาหารกลางวัน

ที่มา: “โรงเรียนข้างสะพาน” หนังสือพิมพ์ปากน้ำ 10 มีนาคม 2555

สมัครรับจดหมายข่าว คลิกที่นี่

สงวนลิขสิทธิ์ พ.ศ. 2555
"""
