"""make prove: what takes too long for every change; results are committed to data/proofs/, with machine card."""
