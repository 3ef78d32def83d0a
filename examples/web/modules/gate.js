// @ts-check
const FIRST_WAIT = 1_000;
const MAX_WAIT = 60_000;

/**
 * What uploads pass before they start: closed while somebody has paused them and while the network or the server is down.
 * During an outage one upload at a time tries its luck, after ever longer waits; the first that gets through opens the gate.
 */
export class Gate {
  /** @type {Set<() => void>} */
  #waiting = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #failures = 0;
  #mayProbe = false;
  #isProbing = false;
  #stop = new AbortController();

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.isPaused = false;
    this.isDown = false;
    /** When the next try comes, in milliseconds since the epoch. */
    this.nextTryAt = 0;
    window.addEventListener('online', () => this.tryNow());
    window.addEventListener('offline', () => {
      if (this.isDown) return;
      this.isDown = true;
      this.#wait(MAX_WAIT);
    });
  }

  /** Ends with everything that is under way when uploads are paused. */
  get running() {
    return this.#stop.signal;
  }

  /**
   * Waits until an upload may start.
   * @param {AbortSignal} signal
   */
  async pass(signal) {
    while (!this.#isOpen()) {
      await new Promise((resolve, reject) => {
        const go = () => {
          this.#waiting.delete(go);
          signal.removeEventListener('abort', stop);
          resolve(undefined);
        };
        const stop = () => {
          this.#waiting.delete(go);
          reject(signal.reason);
        };
        this.#waiting.add(go);
        signal.addEventListener('abort', stop, { once: true });
      });
      signal.throwIfAborted();
    }
    if (this.isDown) {
      this.#mayProbe = false;
      this.#isProbing = true;
    }
  }

  /** An upload got through. */
  succeed() {
    if (!this.isDown) return;
    clearTimeout(this.#timer);
    this.isDown = this.#isProbing = false;
    this.#failures = 0;
    this.#changed();
  }

  /**
   * An upload met a failure that will pass.
   * @param {number} [wanted] milliseconds that the server asked to wait
   */
  fail(wanted = 0) {
    // What failed beside the first one, or beside a try, tells nothing new.
    if (this.isDown && !this.#isProbing) return;
    this.isDown = true;
    this.#isProbing = false;
    const wait = Math.min(MAX_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#wait(Math.max(wanted, wait * (0.75 + Math.random() / 2)));
  }

  /** A try ended without telling anything about the network or the server, such as by being cancelled. */
  giveUp() {
    if (!this.#isProbing) return;
    this.#isProbing = false;
    this.tryNow();
  }

  tryNow() {
    if (!this.isDown || this.#isProbing) return;
    clearTimeout(this.#timer);
    this.#mayProbe = true;
    this.#changed();
  }

  pause() {
    this.isPaused = true;
    this.#stop.abort(new DOMException('paused', 'AbortError'));
    this.#changed();
  }

  resume() {
    this.isPaused = false;
    this.#stop = new AbortController();
    this.#changed();
  }

  #isOpen() {
    return !this.isPaused && (!this.isDown || (this.#mayProbe && !this.#isProbing));
  }

  /** @param {number} wait */
  #wait(wait) {
    clearTimeout(this.#timer);
    this.#mayProbe = false;
    this.nextTryAt = Date.now() + wait;
    this.#timer = setTimeout(() => this.tryNow(), wait);
    this.#changed();
  }

  #changed() {
    for (const go of [...this.#waiting]) go();
    this.onChange();
  }
}
