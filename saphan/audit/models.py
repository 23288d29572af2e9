"""The record of who did what to which record, and of every denial. Strings only: it outlives what it speaks of."""

from django.db import models


class AuditEvent(models.Model):
    """One act, read or denial in the chain of one organisation. Never a value, never a name: kinds, ids and field names."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=36)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=36)
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)
    target_kind = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    fields = models.CharField(max_length=400, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_seq_once_per_chain", fields=["chain", "seq"]),
            models.CheckConstraint(name="audit_outcome_known", condition=models.Q(outcome__in=["done", "denied"])),
        ]
        indexes = [
            models.Index(name="audit_by_target", fields=["target_kind", "target_id"]),
            models.Index(name="audit_by_subject", fields=["subject_id", "id"]),
        ]


class AuditHead(models.Model):
    """The ends of all chains at one moment, signed. A partner keeps a copy: only an outside copy shows a cut or a full rewrite."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    heads = models.JSONField()  # chain -> [seq, hash]
    root_hash = models.CharField(max_length=64)
    prev_head_hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
