"""What is behind `tella.curriculum`: outlines, checks, configurations, spaces of variants."""
