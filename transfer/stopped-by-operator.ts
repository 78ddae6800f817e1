/** The error of an execution that our own `stop` ended: whoever typed it needs no mail. */
export const STOPPED_BY_OPERATOR = 'Stopped';
