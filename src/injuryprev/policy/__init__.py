"""What a region says: formulas and tables, a profile at all dates, the rules of one day, sources, loading."""
