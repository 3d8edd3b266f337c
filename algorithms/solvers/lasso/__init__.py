"""LASSO: minimise ½‖Ax − y‖² + penalty·‖x‖₁."""
