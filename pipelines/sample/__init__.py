"""The synthetic bureau: records of nobody, at the levels of real ones, with the truth beside them."""

from pipelines.sample.bureau import Bureau, make_bureau
from pipelines.sample.delivery import write_bureau

__all__ = ["Bureau", "make_bureau", "write_bureau"]
