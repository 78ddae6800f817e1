/** Name of the state machine that runs over a partner's folders. @param pipeline name of the partner's state machine */
export function folderWorkflowName(pipeline: string): string {
  return `${pipeline}-folders`;
}
