"""The way of samples to Google Sheets and back: the relay, what it says to Google, and the commands."""
