/** A reporter of Jest: names at the end what was skipped, which it only counts. */
export default class NameSkipped {
  #isFiltered;

  /** @param {{ testNamePattern?: string }} configuration */
  constructor({ testNamePattern }) {
    // What somebody has left out by -t, he knows.
    this.#isFiltered = Boolean(testNamePattern);
  }

  /** @param {{ testResults: { testResults: { status: string, title: string, ancestorTitles: string[] }[] }[] }} results */
  onRunComplete(_contexts, { testResults }) {
    if (this.#isFiltered) return;
    const skipped = testResults.flatMap(({ testResults: tests }) =>
      tests.filter(({ status }) => status === 'pending').map(nameOf),
    );
    for (const name of new Set(skipped)) process.stderr.write(`skipped: ${name}\n`);
  }
}

/** A suite that lacks a tool has the reason in its name: it is named once, not test by test. */
function nameOf({ title, ancestorTitles }) {
  return (
    ancestorTitles.find((suite) => suite.includes('(skipped: ')) ?? [...ancestorTitles, title].join(' › ')
  );
}
