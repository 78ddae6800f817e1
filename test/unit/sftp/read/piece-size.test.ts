import { LearnedLimits } from '../../../../sftp/learned-limits.ts';
import { MIN_PIECE_BYTES, PieceSize } from '../../../../sftp/read/piece-size.ts';

const refused = (code: number) => Object.assign(new Error('refused'), { code });

describe('the size of a read', () => {
  test.each([
    ['what the server announced', 32_768, 32_768],
    ['the largest that is served, whatever was announced', 1_000_000, 261_120],
  ])('begins at %s', (_, mostBytes, bytes) => {
    expect(new PieceSize(mostBytes, new LearnedLimits()).bytes).toBe(bytes);
  });

  test.each([
    ['SSH_FX_FAILURE', 4],
    ['SSH_FX_BAD_MESSAGE', 5],
    ['SSH_FX_OP_UNSUPPORTED', 8],
    ['SSH_FX_INVALID_PARAMETER', 23],
  ])('halves when a read is refused with %s, for later files too', (_, code) => {
    const learned = new LearnedLimits();
    const size = new PieceSize(100_001, learned);
    expect(size.shrinkAfter(refused(code), 100_001)).toBe(true);
    expect(size.bytes).toBe(50_000);
    expect(learned.maxReadBytes).toBe(50_000);
  });

  test('never falls below the floor, at which a refusal is final', () => {
    const size = new PieceSize(5_000, new LearnedLimits());
    expect(size.shrinkAfter(refused(4), 5_000)).toBe(true);
    expect(size.bytes).toBe(MIN_PIECE_BYTES);
    expect(size.shrinkAfter(refused(4), MIN_PIECE_BYTES)).toBe(false);
  });

  test.each([
    ['SSH_FX_PERMISSION_DENIED', refused(3)],
    ['an error without a status', new Error('lost')],
  ])('stays after %s', (_, error) => {
    const learned = new LearnedLimits();
    const size = new PieceSize(32_768, learned);
    expect(size.shrinkAfter(error, 32_768)).toBe(false);
    expect(size.bytes).toBe(32_768);
    expect(learned).toEqual(new LearnedLimits());
  });

  test('falls to the longest of three short answers in a row', () => {
    const size = new PieceSize(32_768, new LearnedLimits());
    size.onShortRead(8_000);
    size.onShortRead(8_192);
    expect(size.bytes).toBe(32_768);
    size.onShortRead(8_100);
    expect(size.bytes).toBe(8_192);
    expect(size.shortReads).toBe(3);
  });

  test('keeps its size when a whole piece comes between short answers', () => {
    const size = new PieceSize(32_768, new LearnedLimits());
    size.onShortRead(8_000);
    size.onShortRead(8_000);
    size.onWholePiece();
    size.onShortRead(8_000);
    expect(size.bytes).toBe(32_768);
    expect(size.shortReads).toBe(3);
  });
});
