"""What people told us about predictions: receipts, the samples kept, and their way out."""
