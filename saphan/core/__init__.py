"""Parts that know no room: clock, ids, life cycles, sealed fields, outbox, attachments, forms and tables."""
