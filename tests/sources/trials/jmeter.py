"""Trials of what JMeter wrote."""

from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""timeStamp,elapsed,label,responseCode,responseMessage,threadName,success
1789466000000,100,pay,200,OK,t 1-1,true
1789466000100,200,ship,500,"Broken, sorry",t 1-1,false
1789466000000,300,buy,500,"Number of samples in transaction : 2, number of failing samples : 1",t 1-1,false
1789466000300,400,pay,200,OK,t 1-1,true
1789466000700,300,ship,200,OK,t 1-1,true
"""
XML = b"""<?xml version="1.0" encoding="UTF-8"?><testResults version="1.2">
<sample t="300" ts="1789466000000" s="false" lb="buy" rm="Number of samples in transaction : 2, number of failing samples : 1">
 <httpSample t="100" ts="1789466000000" s="true" lb="pay" rm="OK"><httpSample t="40" ts="1789466000000" s="true" lb="pay" rm="Found"/></httpSample>
 <httpSample t="200" ts="1789466000100" s="false" lb="ship" rm="Broken"/>
</sample>
<httpSample t="400" ts="1789466000300" s="true" lb="pay" rm="OK"><assertionResult><name>a</name></assertionResult></httpSample>
<httpSample t="300" ts="1789466000700" s="true" lb="ship" rm="OK"/>
</testResults>
"""

TRIALS = FileTrials(
    example="""\
sources:
  - {key: jmeter, kind: jmeter, files: load/run.jtl}
benchmarks:
  - {key: p50, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: jmeter, statistic: p50, unit: ms}}
  - {key: failed, title: Works, flow: checkout, pass: <= 1 %, measure: {source: jmeter, statistic: failure_rate, unit: '%'}}
  - {key: buy, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: jmeter, request: buy, statistic: max, unit: s}}
  - {key: pay, title: Often, flow: checkout, pass: '>= 1', measure: {source: jmeter, request: pay, statistic: count}}
  - {key: rate, title: Much, flow: checkout, pass: '>= 1 /s', measure: {source: jmeter, statistic: throughput, unit: /s}}
""",
    file="load/run.jtl",
    right=RIGHT,
    expects={"p50": "250", "failed": "25", "buy": "0.3", "pay": "2", "rate": "4"},
    empty=FileCase(RIGHT.splitlines(keepends=True)[0], "missing", ("no sample",)),
    cut_off=FileCase(RIGHT[:-3], "error", ("run.jtl:6", "ends within a line")),
    another=FileCase(
        b"".join(RIGHT.splitlines(keepends=True)[1:]), "error", ("no column", "print_field_names")
    ),
    bomb=FileCase(b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><testResults/>', "error", ("document type",)),
    hostile=FileCase(
        RIGHT.replace(b"buy", b"[red]\x1b[31m../../x"),
        "error",
        ("no request or transaction called",),
        of="buy",
    ),
    more={
        "XML with requests inside": FileCase(XML, "ok", ("4",)),
        "XML that is cut off": FileCase(XML[:-40], "error", ("no whole XML",)),
        "XML of something else": FileCase(b"<testsuite/>", "error", ("testsuite",)),
        "XML nested too deep": FileCase(b"<testResults>" + b"<a>" * 1_000_000, "error", ("deep",)),
        "XML with an endless element": FileCase(
            lambda path: path.write_bytes(b'<testResults><sample lb="' + b"x" * 3_000_000),
            "error",
            ("does not end",),
        ),
        "XML without samples": FileCase(b'<testResults version="1.2"/>', "missing", ("no sample",)),
        "an endless line": FileCase(
            lambda path: path.write_bytes(b"timeStamp," + b"x" * 3_000_000), "error", ("run.jtl",)
        ),
        "another form of time": FileCase(
            RIGHT.replace(b"1789466000700", b"15.09.26 09:00"), "error", ("timestamp_format",)
        ),
        "a decimal comma": FileCase(
            RIGHT.replace(b"000,100,pay", b'000,"100,5",pay'), "error", ("time of a sample",)
        ),
        "not a number": FileCase(
            RIGHT.replace(b"000,100,pay", b"000,NaN,pay"), "error", ("time of a sample",)
        ),
        "a negative time": FileCase(
            RIGHT.replace(b"000,100,pay", b"000,-1,pay"), "error", ("time of a sample",)
        ),
        "thousands": FileCase(
            RIGHT.replace(b"000,100,pay", b"000,1_000,pay"), "error", ("time of a sample",)
        ),
        "a clock in seconds": FileCase(
            RIGHT.replace(b"1789466000700", b"1789466000"), "error", ("timestamp_format",)
        ),
        "a row of fewer cells": FileCase(RIGHT.replace(b",t 1-1,true\n", b"\n"), "error", ("cells",)),
        "nobody says what failed": FileCase(
            b"timeStamp,elapsed,label\n1789466000000,5,pay\n",
            "error",
            ("does not tell what failed",),
            of="failed",
        ),
        "dated in the future": FileCase(
            RIGHT.replace(b"1789466000700", b"1799466000700"), "error", ("clock",)
        ),
    },
)
