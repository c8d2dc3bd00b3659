"""The ledger becomes weights, a ranking with its doubts, and a list of what is missing.

Order: `weigh`, `multiverse`, `robustness`, `gaps`, `summary`.
"""

from steelyard.weigh.gaps import gaps
from steelyard.weigh.multiverse import multiverse
from steelyard.weigh.robustness import robustness
from steelyard.weigh.summary import summary
from steelyard.weigh.weights import Weights, weigh

__all__ = ["Weights", "gaps", "multiverse", "robustness", "summary", "weigh"]
