"""What every room shares: quantities, times, canonical JSON, safe text, errors."""
