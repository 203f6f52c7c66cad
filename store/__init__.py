"""The database: every statement, and nothing but."""

# For its effect: whatever engine a process makes, its errors keep no values.
from store import error_texts as error_texts
