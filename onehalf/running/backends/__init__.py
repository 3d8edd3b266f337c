"""Where the work of a run is done: joblib, dask, ray; what it needs is delivered there."""
