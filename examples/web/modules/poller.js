// @ts-check

const MAX_WAIT = 60_000;
const FIRST_WAIT = 2_000;

/**
 * Repeats a job while the page can be seen: as often as `pause` says while it works, ever more rarely while it fails.
 */
export class Poller {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isRunning = false;
  #isWanted = false;
  #failures = 0;

  /**
   * @param {object} job
   * @param {() => Promise<void>} job.run
   * @param {() => number} job.pause milliseconds from one run to the next
   * @param {() => void} job.onSuccess
   * @param {(error: unknown) => void} job.onFailure
   */
  constructor(job) {
    this.job = job;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#schedule(undefined);
      else this.nudge();
    });
    window.addEventListener('online', () => this.nudge());
  }

  /** Runs now, or once more as soon as the present run ends. */
  nudge() {
    if (this.#isRunning) this.#isWanted = true;
    else void this.#run();
  }

  async #run() {
    this.#schedule(undefined);
    this.#isRunning = true;
    /** @type {number} */
    let wait;
    try {
      do {
        this.#isWanted = false;
        await this.job.run();
      } while (this.#isWanted);
      this.#failures = 0;
      wait = this.job.pause();
      this.job.onSuccess();
    } catch (error) {
      wait = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** this.#failures);
      this.#failures += 1;
      this.job.onFailure(error);
    }
    this.#isRunning = false;
    this.#schedule(wait);
  }

  /** @param {number | undefined} wait */
  #schedule(wait) {
    clearTimeout(this.#timer);
    if (wait !== undefined && !document.hidden) this.#timer = setTimeout(() => this.nudge(), wait);
  }
}
