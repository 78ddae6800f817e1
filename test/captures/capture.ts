/** What one command showed, moment by moment, at one width. */
export interface Capture {
  columns: number;
  /** As it was typed. */
  command: string;
  moments: readonly { when: string; screen: readonly string[] }[];
}

export interface Scene {
  title: string;
  /** What happens, for who reads what was captured. */
  story: string;
  captures: readonly Capture[];
}

export const WIDTHS = [80, 120] as const;

/** The page of all scenes. */
export function capturesPage(scenes: readonly Scene[]): string {
  return `${[HEAD, ...scenes.map(sceneSection)].join('\n\n')}\n`;
}

const HEAD = `# What the terminal shows

Captured in real terminals of 80 and 120 columns by \`npm run captures\`: each screen as it stood at that moment. Hosts and
keys are those of servers on one machine.`;

function sceneSection({ title, story, captures }: Scene): string {
  return [`## ${title}`, story, ...captures.flatMap(captureSection)].join('\n\n');
}

function captureSection({ columns, command, moments }: Capture): string[] {
  return [
    `### ${columns} columns`,
    `\`\`\`text\n$ ${command}\n\`\`\``,
    ...moments.flatMap(({ when, screen }) => [`${when}:`, `\`\`\`text\n${screen.join('\n')}\n\`\`\``]),
  ];
}
