"""What ingest says and asks: what, where and what to do, at the desk and in the parameters."""
