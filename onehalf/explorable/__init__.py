"""One page with sliders, made of stored exact results: what an oracle shows beside what is true."""
