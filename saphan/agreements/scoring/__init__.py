"""How an agreement is kept: what offices owe each other by the calendar, and the scorecard of each period."""
