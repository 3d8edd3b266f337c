"""Digests of what shipped with earlier releases: a certificate of theirs is run again with what ships now."""

from __future__ import annotations

RELEASED: dict[str, tuple[str, ...]] = {
    "160bf56375126a6876c318d2d3002fb8edb5593ac478bd9c4d573f9957733a2f": ("adam", "sgd"),
    "c718fa5fcb05d92dd68dcd9a9fa0cb9df3b61f03d06561dcfa1b0e4c396ea7dd": (
        "basin-hopping",
        "differential-evolution",
        "dual-annealing",
    ),
    "aa8cf634a59707e05fd5e2fb6327e3e6d88a0bdfb19ee75ee23368de70bf56b0": ("cma-es", "nevergrad"),
    "9ba98bc090b68ebc9c82d895d8b499308a631fb728e1f63b46690d74060d3a61": (
        "coin-flip",
        "constant-half",
        "interpolant",
        "patient",
        "random-depth",
        "reader",
    ),
    "7dae7e7e3f83971c5a0960766e814963748bbc514bf9dfe376e4723507e1e4be": (
        "deeper",
        "hedge",
        "majority",
        "restarts",
    ),
    "af0033103f74eaf248b6cb1f731dfb029216d25f10e0f43d3c065491c963732d": ("exact-least-squares",),
    "7260f3ea061314f82cc2cff92296a1d91cb6f8c5750df6072d49d26d2d292db9": (
        "highs-ds",
        "highs-ipm",
        "midpoint",
        "vertex",
    ),
    "b66a5346d0feeee166c54663528de51e212f230985ae25cdd62ed78a68ec0507": ("levenberg-marquardt",),
    "948f4351e02bce7d34addb240d066a40b3d485e683c1b18c8779e23e3bc3da4f": ("limit-hedge",),
    "7ebb733084b981c250528169799d4711afa05b670ecae0abb5feb8cb732598db": ("mlp-adam", "mlp-lbfgs", "mlp-sgd"),
    "8e9d69f9f91e3a596c274d9d30bfa11b920cb22755040d946e9c8e2a269f42ed": ("mlp-classifier",),
    "c63fa514d0519101c60b8770847abe9687774fd1859917b11953f6244130f77f": ("random-features",),
    "4629b625315ad23654cf4ad0d399c1b68287fd02f4a3e4190b8b7fa8f0c49170": ("random-search",),
    "ca4012435bb3011b6358e5412d716021fabe1b167a0792110eaf9945d8d491d1": (
        "scipy-bfgs",
        "scipy-cg",
        "scipy-lbfgsb",
        "scipy-slsqp",
        "scipy-tnc",
        "scipy-trust-constr",
    ),
    "dd558d6d554fb68be66c7eef6921eacf8a2f5ec75ad2cad2b26a93d29c759c12": ("scipy-nelder-mead", "scipy-powell"),
    "fad6c0ef29845d761cbf08521f204803a191f5f2e6708dba63cbd531bea87d79": ("simulated-annealing",),
    "e83b4f1e56ea2c80cd5aaa8813ecc6ce7474503ade37aa75b4f86000154e8df2": ("stable",),
    "0304ea915244721dc5738aa52c05574b0fa850a1e9eec573f671a2a5f6170e83": ("torch-adam",),
}
"""Names of the algorithms by the SHA-256 of their source in release 0.1."""


def shipped_with(name: str, digest: str) -> bool:
    """Tell whether an algorithm of this name and source shipped with an earlier release."""
    return name in RELEASED.get(digest, ())
