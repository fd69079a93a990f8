"""JMeter: its JTL as CSV and as XML, with a transaction around two requests."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.generators.shop import shop
from tests.generators.tool import Tool, Workshop

PLAN = """<?xml version="1.0" encoding="UTF-8"?>
<jmeterTestPlan version="1.2" properties="2.8" jmeter="2.13">
  <hashTree>
    <TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="shop" enabled="true"/>
    <hashTree>
      <ThreadGroup guiclass="ThreadGroupGui" testclass="ThreadGroup" testname="buyers" enabled="true">
        <elementProp name="ThreadGroup.main_controller" elementType="LoopController">
          <boolProp name="LoopController.continue_forever">false</boolProp>
          <stringProp name="LoopController.loops">10</stringProp>
        </elementProp>
        <stringProp name="ThreadGroup.num_threads">2</stringProp>
        <stringProp name="ThreadGroup.ramp_time">0</stringProp>
        <boolProp name="ThreadGroup.scheduler">false</boolProp>
        <stringProp name="ThreadGroup.on_sample_error">continue</stringProp>
      </ThreadGroup>
      <hashTree>
        <TransactionController guiclass="TransactionControllerGui" testclass="TransactionController" testname="buy" enabled="true">
          <boolProp name="TransactionController.parent">{parent}</boolProp>
          <boolProp name="TransactionController.includeTimers">false</boolProp>
        </TransactionController>
        <hashTree>
          {slow}
          {flaky}
        </hashTree>
      </hashTree>
    </hashTree>
  </hashTree>
</jmeterTestPlan>
"""
REQUEST = """<HTTPSamplerProxy guiclass="HttpTestSampleGui" testclass="HTTPSamplerProxy" testname="{name}" enabled="true">
            <elementProp name="HTTPsampler.Arguments" elementType="Arguments"><collectionProp name="Arguments.arguments"/></elementProp>
            <stringProp name="HTTPSampler.domain">{host}</stringProp>
            <stringProp name="HTTPSampler.port">{port}</stringProp>
            <stringProp name="HTTPSampler.path">/{name}</stringProp>
            <stringProp name="HTTPSampler.method">GET</stringProp>
            <boolProp name="HTTPSampler.use_keepalive">true</boolProp>
          </HTTPSamplerProxy>
          <hashTree/>"""


# Debian's JMeter cannot load a plan with its newer XStream, which allows no class that it was not told of.
START = """
import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import org.apache.jmeter.NewDriver;
import org.apache.jmeter.save.SaveService;
import org.apache.jmeter.util.JMeterUtils;

public class Start {
  public static void main(String[] words) throws Exception {
    System.setProperty("jmeter.home", "/usr/share/jmeter");
    JMeterUtils.setJMeterHome("/usr/share/jmeter");
    JMeterUtils.loadJMeterProperties("/usr/share/jmeter/bin/jmeter.properties");
    for (String name : new String[] {"JMXSAVER", "JTLSAVER"}) {
      var saver = SaveService.class.getDeclaredField(name);
      saver.setAccessible(true);
      ((XStream) saver.get(null)).addPermission(AnyTypePermission.ANY);
    }
    NewDriver.main(words);
  }
}
"""
HOME = "/usr/share/jmeter"
JARS = f"{HOME}/bin/ApacheJMeter.jar:{HOME}/lib/*:{HOME}/lib/ext/*:/usr/share/java/*"
OPEN = ("java.base/java.util", "java.base/java.lang", "java.base/java.lang.reflect", "java.base/java.text")
JAVA = ["-cp", JARS, "-Djava.awt.headless=true", "--add-opens", "java.desktop/java.awt.font=ALL-UNNAMED"]
JAVA += [word for name in OPEN for word in ("--add-opens", f"{name}=ALL-UNNAMED")]


def make(work: Workshop) -> None:
    """Two threads, ten times a transaction of /slow and /flaky: 40 requests, 5 of them with status 500."""
    known = "20 transactions `buy` of 40 requests, 5 of them failed: every fourth `flaky`; `slow` takes 50 ms"
    for name, form, parent in (
        ("run.csv", "csv", "false"),
        ("run.xml", "xml", "false"),
        ("parent.xml", "xml", "true"),
    ):
        with shop() as server:
            at = urlsplit(server.url)
            requests = {
                path: REQUEST.format(name=path, host=at.hostname, port=at.port) for path in ("slow", "flaky")
            }
            work.write("plan.jmx", PLAN.format(parent=parent, **requests))
            save = "jmeter.save.saveservice"
            words = [f"-J{save}.output_format={form}", f"-J{save}.print_field_names=true"]
            words += [f"-J{save}.timestamp_format=ms", f"-J{save}.thread_counts=true"]
            work.write("Start.java", START)
            plan = ("-n", "-t", "plan.jmx", "-l", name, "-j", "jmeter.log")
            work.run("java", *JAVA, "Start.java", *plan, *words)
        inside = "; the requests stand inside their transaction" if parent == "true" else ""
        work.keep(name, known + inside)
    work.versions["JMeter (Debian’s packages jmeter and jmeter-http)"] = "2.13"


TOOL = Tool(name="jmeter", make=make, programs=["jmeter", "java"])
