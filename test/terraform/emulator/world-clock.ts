/** Sets the clock of this process to that of the emulated world; for `--import`, and before anything else. */
const aheadMs = Number(process.env.EMULATED_CLOCK_AHEAD_MS ?? 0);
const machineNow = Date.now;
Date.now = () => machineNow() + aheadMs;
