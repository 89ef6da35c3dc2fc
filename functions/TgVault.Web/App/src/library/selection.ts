import { library } from './store';

/** The videos that are chosen, with their names as far as these are known. Tells `change`. */
class Selection extends EventTarget {
  readonly chosen = new Map<string, string>();
  private anchor?: string;

  get size(): number {
    return this.chosen.size;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  toggle(index: number): void {
    const id = library.idAt(index);
    if (id === undefined) return;
    if (!this.chosen.delete(id)) this.add(index);
    this.anchor = id;
    this.changed();
  }

  /** From the one that was chosen last, or where none is from the one given, up to this one. */
  extend(index: number, start?: number): void {
    if (this.anchor === undefined || this.chosen.size === 0) this.anchor = start === undefined ? undefined : library.idAt(start);
    const from = this.anchor === undefined ? -1 : library.indexOf(this.anchor);
    if (from < 0) {
      this.toggle(index);
      return;
    }
    for (let i = Math.min(from, index); i <= Math.max(from, index); i++) this.add(i);
    this.changed();
  }

  /** All of the list, as far as it was scrolled. */
  all(): void {
    for (let i = 0; i < library.count; i++) this.add(i);
    this.changed();
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) this.chosen.delete(id);
    this.changed();
  }

  clear(): void {
    if (this.chosen.size === 0) return;
    this.chosen.clear();
    this.anchor = undefined;
    this.changed();
  }

  private add(index: number): void {
    const id = library.idAt(index);
    if (id !== undefined) this.chosen.set(id, library.at(index)?.name ?? this.chosen.get(id) ?? '');
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

export const selection = new Selection();
