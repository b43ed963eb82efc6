"""Names that NumPy has taken out: since when, and what to write now."""

# By name, "version: what to write". From NumPy's own list of expired names, and the release notes of 1.24, 2.0 and 2.4.
_REMOVED = """
    Inf 2.0 np.inf
    Infinity 2.0 np.inf
    NINF 2.0 -np.inf
    NZERO 2.0 -0.0
    NaN 2.0 np.nan
    PINF 2.0 np.inf
    PZERO 2.0 0.0
    alltrue 2.0 np.all
    asfarray 2.0 np.asarray(x, dtype=float)
    asscalar 1.23 x.item()
    alen 1.23 len(x)
    byte_bounds 2.0 np.lib.array_utils.byte_bounds
    cast 2.0 np.asarray(x, dtype=...)
    cfloat 2.0 np.complex128
    clongfloat 2.0 np.clongdouble
    compare_chararrays 2.0 np.char.compare_chararrays
    complex 1.24 complex
    complex_ 2.0 np.complex128
    cumproduct 2.0 np.cumprod
    DataSource 2.0 np.lib.npyio.DataSource
    fastCopyAndTranspose 2.0 x.T.copy()
    find_common_type 2.0 np.result_type
    float 1.24 float
    float_ 2.0 np.float64
    format_parser 2.0 np.rec.format_parser
    geterrobj 2.0 np.errstate
    in1d 2.4 np.isin
    infty 2.0 np.inf
    int 1.24 int
    issctype 2.0 issubclass(x, np.generic)
    issubclass_ 2.0 issubclass
    issubsctype 2.0 np.issubdtype
    longcomplex 2.0 np.clongdouble
    longfloat 2.0 np.longdouble
    mat 2.0 np.asarray
    math 2.0 math (import math)
    msort 2.0 np.sort(x, axis=0)
    nbytes 2.0 np.dtype(...).itemsize
    obj2sctype 2.0 np.dtype(x).type
    object 1.24 object
    product 2.0 np.prod
    recfromcsv 2.0 np.genfromtxt
    recfromtxt 2.0 np.genfromtxt
    round_ 2.0 np.round
    safe_eval 2.0 ast.literal_eval
    sctype2char 2.0 np.dtype(x).char
    seterrobj 2.0 np.errstate
    singlecomplex 2.0 np.complex64
    sometrue 2.0 np.any
    str 1.24 str
    string_ 2.0 np.bytes_
    trapz 2.4 np.trapezoid
    unicode 1.24 str
    unicode_ 2.0 np.str_
    who 2.0 locals()
"""
# Of an array, "x.ptp()": what to write now.
_REMOVED_METHODS = """
    itemset 2.0 x[...] = value
    newbyteorder 2.0 x.view(x.dtype.newbyteorder())
    ptp 2.0 np.ptp(x)
    tostring 2.3 x.tobytes()
"""
# Names that are newer than NumPy 2.0.
_ADDED = """
    cumulative_prod 2.1
    cumulative_sum 2.1
    matvec 2.2
    unstack 2.1
    vecmat 2.2
"""

Version = tuple[int, int]


def version(text: str) -> Version:
    """The first two numbers of a version.

    >>> version("2.4.6")
    (2, 4)
    """
    first, _, rest = text.partition(".")
    return int(first), int(rest.partition(".")[0] or 0)


def _table(text: str) -> dict[str, tuple[Version, str]]:
    rows = ((line.strip() + "  ").split(" ", 2) for line in text.strip().splitlines())
    return {name: (version(since), now.strip()) for name, since, now in rows}


REMOVED = _table(_REMOVED)
REMOVED_METHODS = _table(_REMOVED_METHODS)
ADDED = _table(_ADDED)
