"""Reports: a run, an evaluation or a comparison as one HTML file that needs nothing else, and its charts as PNG."""
