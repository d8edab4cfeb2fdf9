"""The labels of charsets, by Python's codecs."""

from typing import Final

# By the number of the part of ISO 8859.
_OWN: Final = {
    1: "iso_8859-1:1987 iso-ir-100 latin1 l1 csisolatin1",
    2: "iso_8859-2:1987 iso-ir-101 latin2 l2 csisolatin2",
    3: "iso_8859-3:1988 iso-ir-109 latin3 l3 csisolatin3",
    4: "iso_8859-4:1988 iso-ir-110 latin4 l4 csisolatin4",
    5: "iso_8859-5:1988 iso-ir-144 cyrillic csisolatincyrillic",
    6: "iso_8859-6:1987 iso-ir-127 arabic csisolatinarabic ecma-114 asmo-708 iso-8859-6-i",
    7: "iso_8859-7:1987 iso-ir-126 greek greek8 csisolatingreek ecma-118 elot_928",
    8: "iso_8859-8:1988 iso-ir-138 hebrew csisolatinhebrew iso-8859-8-i logical",
    9: "iso_8859-9:1989 iso-ir-148 latin5 l5 csisolatin5",
    10: "iso-ir-157 latin6 l6 csisolatin6",
    15: "latin9 latin-9 l9 csisolatin9",
}


def _numbered(n: int) -> str:
    """The labels of a part of ISO 8859."""
    return f"iso-8859-{n} iso8859-{n} iso_8859-{n} iso8859{n} iso8859_{n} {_OWN.get(n, '')}"


# Lower-case labels of the WHATWG encoding standard and IANA's registry, by Python's codec. The
# supersets of Microsoft are used where senders mean them: https://encoding.spec.whatwg.org/#names
CODECS: Final = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 utf_8 utf8mb4 cp65001 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 "
        "x-unicode20utf8 us-ascii ascii iso646-us iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986",
        "utf-16": "utf-16 utf_16 utf16 unicode unicodefeff csunicode ucs-2 iso-10646-ucs-2",
        "utf-16-le": "utf-16le utf_16le",
        "utf-16-be": "utf-16be utf_16be unicodefffe",
        "latin-1": f"{_numbered(1)} 8859_1 latin-1 cp819 ibm819",
        **{
            f"iso8859-{n}": _numbered(n)
            for n in range(2, 17)
            if n != 12  # noqa: PLR2004 (it was never published)
        },
        **{f"cp{n}": f"windows-{n} windows{n} cp{n} cp-{n} x-cp{n}" for n in range(1250, 1259)},
        "cp874": "windows-874 tis-620 dos-874",
        "cp866": "ibm866 cp866 866 csibm866",
        "cp850": "ibm850 cp850",
        "cp437": "ibm437 cp437",
        "koi8-r": "koi8-r koi8_r koi8 koi cskoi8r",
        "koi8-u": "koi8-u koi8-ru",
        "mac-roman": "macintosh x-mac-roman mac csmacintosh",
        "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "shift_jis": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis",
        "cp932": "windows-31j cp932 ms932",
        "euc_jp": "euc-jp euc_jp eucjp x-euc-jp cseucpkdfmtjapanese",
        "cp949": "euc-kr euc_kr euckr korean cseuckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
        "ksc_5601 iso-ir-149 csksc56011987 windows-949 cp949",
        "gbk": "gbk gb2312 gb_2312 gb_2312-80 x-gbk cp936 chinese csgb2312 csiso58gb231280 "
        "iso-ir-58",
        "gb18030": "gb18030",
        "big5": "big5 big5-hkscs cn-big5 x-x-big5 csbig5",
    }.items()
    for label in labels.split()
}
