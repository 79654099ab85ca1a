"""Where values are saved and found again. The store never decides."""
