"""Levels of evidence, from the best to the weakest; their meaning stands in the codebook."""

LEVELS = ("text", "text-part", "secondary", "computed", "topic", "unverified")
# Never stated as plain fact, and left out of counts unless the count is about evidence.
WEAK_LEVELS = ("topic", "unverified")
