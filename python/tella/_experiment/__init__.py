"""What is behind `tella.experiment`: curricula for the engine, environments, L2Logger's folders."""
