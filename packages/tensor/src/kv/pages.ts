/** Refcounted pages of one driver, and the bytes they take. */
import type { KvRunSpec, PageDriver } from "./types.js";

/** Runs that share a page share its cell. */
export interface PageCell<P> {
  readonly page: P;
  references: number;
}

export class PagePool<P> {
  readonly driver: PageDriver<P>;
  #bytes = 0;

  constructor(driver: PageDriver<P>) {
    this.driver = driver;
  }

  /** Of all pages in use, each once. */
  get byteLength(): number {
    return this.#bytes;
  }

  allocate(spec: KvRunSpec): PageCell<P> {
    const cell = { page: this.driver.allocate(spec), references: 1 };
    this.#bytes += this.driver.pageBytes(spec);
    return cell;
  }

  release(cell: PageCell<P>, spec: KvRunSpec): void {
    if (--cell.references > 0) return;
    this.#bytes -= this.driver.pageBytes(spec);
    this.driver.release(cell.page, spec);
  }
}
