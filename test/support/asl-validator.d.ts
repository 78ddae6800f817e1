declare module 'asl-validator' {
  /** Fills defaults into `definition` while it validates. */
  export default function validate(definition: unknown): {
    isValid: boolean;
    errorsText(separator: string): string;
  };
}
