"""One Mocha run, told by its reporters for CTRF and JUnit, and one of Node's own tests as TAP and with their coverage as LCOV."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

MOCHA = """
const assert = require('assert');
describe('cart', () => {
  it('adds', () => assert.equal(1 + 1, 2));
  it('pays', () => assert.equal(1 + 1, 3));
  it.skip('returns', () => {});
  it('is not written yet');
  let tries = 0;
  it('flickers', function () { this.retries(2); assert.ok(++tries > 1); });
});
"""
NODE = """
const test = require('node:test');
const assert = require('node:assert');
const { total } = require('./cart.js');
test('adds', () => assert.equal(total([1, 2]), 3));
test('pays', () => assert.equal(1, 2));
test('returns', { skip: 'not yet' }, () => {});
test('known', { todo: 'later' }, () => assert.equal(1, 2));
test('cart', async (t) => {
  await t.test('is empty', () => assert.equal(total([]), 0));
  await t.test('is full', () => assert.equal(1, 2));
});
"""
CART = """
function total(prices) {
  let sum = 0;
  for (const price of prices) sum += price;
  return sum;
}
function discount(prices) {
  if (prices.length > 3) return 0.1;
  return 0;
}
module.exports = { total, discount };
"""


def make(work: Workshop) -> None:
    """Both runs, each once for every format."""
    known = "5 tests: adds passes, flickers fails once and passes, pays fails, returns and one without a body are pending"
    work.write("cart.test.js", MOCHA)
    reporter = "mocha-ctrf-json-reporter"
    work.run(
        "mocha", "cart.test.js", "--reporter", str(work.home / "npm/node_modules" / reporter), codes=(1,)
    )
    work.keep("mocha.ctrf.json", known, work.folder / "ctrf" / "ctrf-report.json")
    work.write("cart.js", CART)
    work.write("node.test.js", NODE)
    known = "adds and is-empty pass; pays, is-full and with it cart fail; returns is skipped; known fails and is to do"
    work.keep(
        "node.tap", known, work.run("node", "--test", "--test-reporter=tap", "node.test.js", codes=(1,))
    )
    lcov = work.run(
        "node", "--test", "--experimental-test-coverage", "--test-reporter=lcov", "node.test.js", codes=(1,)
    )
    work.keep("node.lcov", "of cart.js the function discount is not covered", lcov)
    work.write("sale.js", "require('./cart.js').total([1, 2]);")
    work.run("c8", "--reporter=cobertura", "--reporter=lcov", "node", "sale.js")
    known = "of cart.js 7 of 11 lines run, and one function of two; of sale.js its only line"
    work.keep("c8.xml", known, work.folder / "coverage" / "cobertura-coverage.xml")
    work.keep("c8.lcov", known, work.folder / "coverage" / "lcov.info")


TOOL = Tool(
    name="mocha_reports",
    make=make,
    npm=["mocha@11.7.4", "c8@10.1.3", "mocha-ctrf-json-reporter@0.0.11"],
    programs=["node", "npm"],
)
