import { BUCKET, type StoreRig } from './store-rig.ts';

export function headObjectContract({ never, store, start, send }: StoreRig): void {
  describe('headObject', () => {
    test('gives undefined for an object that is not there', async () => {
      await expect(store.headObject({ bucket: BUCKET, key: 'nothing' }, never)).resolves.toBeUndefined();
    });

    test('gives undefined while the upload is open', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
    });
  });
}
