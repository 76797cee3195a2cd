"""What a report page shows of one run: the run itself, and what the deposit or bag it is about can still show."""
