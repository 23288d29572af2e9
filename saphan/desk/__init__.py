"""A worker's home: my day, queues, notifications."""
