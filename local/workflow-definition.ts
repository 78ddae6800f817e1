import { readFileSync } from 'node:fs';

/** As much of the Amazon States Language as the project reads. */
export interface WorkflowState {
  Type: string;
  Resource?: string;
  TimeoutSeconds?: number;
  Next?: string;
  End?: boolean;
  Retry?: { ErrorEquals: string[]; MaxAttempts?: number }[];
  Catch?: { ErrorEquals: string[]; Next: string; ResultPath?: string }[];
  ItemProcessor?: WorkflowDefinition;
}

export interface WorkflowDefinition {
  StartAt: string;
  TimeoutSeconds?: number;
  States: Record<string, WorkflowState>;
}

/** A workflow that is deployed, with its placeholders unfilled. */
export function loadWorkflow(name: 'transfer' | 'folder' = 'transfer'): WorkflowDefinition {
  const file = new URL(`../statemachine/${name}.asl.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as WorkflowDefinition;
}

/** Every Task state, also those inside a Map. */
export function findTasks(
  definition: WorkflowDefinition,
  insideMap = false,
): { name: string; state: WorkflowState; insideMap: boolean }[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    if (state.ItemProcessor !== undefined) return findTasks(state.ItemProcessor, true);
    return state.Type === 'Task' ? [{ name, state, insideMap }] : [];
  });
}
