"""What `tella.ray` is made of: `task` runs on the cluster's machines, `moved` moves lifetimes between them and here."""
