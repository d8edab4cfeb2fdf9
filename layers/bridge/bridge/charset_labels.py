"""The labels of charsets, by Python's codecs."""

from typing import Final

# Lower-case labels of the WHATWG encoding standard and IANA's registry, by Python's codec. The
# supersets of Microsoft are used where senders mean them: https://encoding.spec.whatwg.org/#names
CODECS: Final = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 us-ascii ascii",
        "utf-16": "utf-16 utf16 unicode",
        "utf-16-le": "utf-16le",
        "utf-16-be": "utf-16be",
        "latin-1": "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1",
        **{
            f"iso8859-{n}": f"iso-8859-{n} iso8859-{n} iso_8859-{n}"
            for n in range(2, 17)
            if n != 12  # noqa: PLR2004 (it was never published)
        },
        **{f"cp{n}": f"windows-{n} cp{n} cp-{n} x-cp{n}" for n in range(1250, 1259)},
        "cp874": "windows-874 tis-620",
        "cp866": "ibm866 cp866",
        "cp850": "ibm850 cp850",
        "cp437": "ibm437 cp437",
        "koi8-r": "koi8-r koi8_r",
        "koi8-u": "koi8-u",
        "mac-roman": "macintosh x-mac-roman",
        "shift_jis": "shift_jis shift-jis sjis ms_kanji",
        "cp932": "windows-31j cp932",
        "euc_jp": "euc-jp x-euc-jp",
        "cp949": "euc-kr ks_c_5601-1987 ksc5601 windows-949",
        "gbk": "gbk gb2312 x-gbk",
        "gb18030": "gb18030",
        "big5": "big5 big5-hkscs",
    }.items()
    for label in labels.split()
}
