"""Why a bound holds for concrete parameters, fact by fact."""
