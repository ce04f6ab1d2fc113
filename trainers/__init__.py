"""Trainers: command line, configuration, mixtures, the GRPO loop, evaluation and reports."""

import os

# Before torch is loaded: threads that spin while they wait make every step a hundred times slower as soon as another
# process wants a core (measured: 0.2 against 39 GFLOP/s for two threads on two cores beside one busy process).
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
