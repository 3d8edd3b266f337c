"""What exact verdicts rest on: floating point as it should be, work counted before it is done."""
