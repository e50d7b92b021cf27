// Positions, pan and zoom of the drawing, kept by cytoscape. The only file that knows it; cards and packets are drawn by others on top.
import cytoscape, { type Core } from 'cytoscape';
import { projector } from '../prefs';
import type { Box, Places } from './layout';

export interface View { x: number; y: number; k: number }

export class Graph {
  private cy: Core;
  private places: Places | null = null;
  private moved: Map<string, { x: number; y: number }>;
  private fitted = true;
  /** Boxes asked for since something moved: the drawing asks for each of them many times. */
  private boxes = new Map<string, Box | null>();

  constructor(container: HTMLElement, private readonly changed: (view: View) => void, /** Where things were dragged before, by id; told again after each drag. */ kept: Record<string, { x: number; y: number }>, private readonly keep: (moved: Record<string, { x: number; y: number }>) => void) {
    this.moved = new Map(Object.entries(kept));
    this.cy = cytoscape({
      container, minZoom: 0.1, maxZoom: 2.5, boxSelectionEnabled: false, autoungrabify: true, layout: { name: 'preset' },
      style: [{ selector: 'node', style: { opacity: 0, width: 'data(w)', height: 'data(h)', shape: 'rectangle', events: 'no' } }, { selector: 'edge', style: { opacity: 0, events: 'no' } }],
    });
    this.cy.on('viewport', () => this.tell());
    this.cy.on('dragpan scrollzoom pinchzoom', () => { this.fitted = false; });
  }

  /** Takes over a layout; ids are host:NAME and segment:NAME. */
  set(places: Places, links: { host: string; segment: string; id: string }[]): void {
    this.places = places;
    this.boxes.clear();
    const boxes = new Map<string, Box>([...[...places.hosts].map(([n, b]) => [`host:${n}`, b] as const), ...[...places.segments].map(([n, b]) => [`segment:${n}`, b] as const)]);
    this.cy.batch(() => {
      for (const n of this.cy.nodes().toArray()) if (!boxes.has(n.id())) n.remove();
      for (const [id, b] of boxes) {
        const at = this.moved.get(id) ?? { x: b.x + b.w / 2, y: b.y + b.h / 2 };
        const old = this.cy.getElementById(id);
        if (old.empty()) this.cy.add({ group: 'nodes', data: { id, w: b.w, h: b.h }, position: at });
        else { old.data({ w: b.w, h: b.h }); old.position(at); }
      }
      const wanted = new Set(links.map((l) => l.id));
      for (const e of this.cy.edges().toArray()) if (!wanted.has(e.id())) e.remove();
      for (const l of links) if (this.cy.getElementById(l.id).empty()) this.cy.add({ group: 'edges', data: { id: l.id, source: `host:${l.host}`, target: `segment:${l.segment}` } });
    });
    if (this.fitted) this.fit();
  }

  /** Box of a host or switch now. */
  box(id: string): Box | null {
    let b = this.boxes.get(id);
    if (b === undefined) { b = this.look(id); this.boxes.set(id, b); }
    return b;
  }

  private look(id: string): Box | null {
    const n = this.cy.getElementById(id);
    if (n.empty()) return null;
    const p = n.position();
    const w = Number(n.data('w'));
    const h = Number(n.data('h'));
    return { x: p.x - w / 2, y: p.y - h / 2, w, h };
  }

  /** Moves one thing by screen px. */
  drag(id: string, dx: number, dy: number): void {
    const n = this.cy.getElementById(id);
    const k = this.cy.zoom();
    const p = n.position();
    const to = { x: p.x + dx / k, y: p.y + dy / k };
    n.position(to);
    this.boxes.clear();
    this.moved.set(id, to);
    this.keep(Object.fromEntries(this.moved));
  }

  /** Everything back to its computed place. */
  restore(): void {
    this.moved.clear();
    this.boxes.clear();
    this.keep({});
    const places = this.places;
    if (places === null) return;
    for (const [n, b] of places.hosts) this.cy.getElementById(`host:${n}`).position({ x: b.x + b.w / 2, y: b.y + b.h / 2 });
    for (const [n, b] of places.segments) this.cy.getElementById(`segment:${n}`).position({ x: b.x + b.w / 2, y: b.y + b.h / 2 });
    this.fit();
  }

  get dragged(): boolean { return this.moved.size > 0; }

  zoom(by: number): void {
    this.fitted = false;
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  /** Shows everything; never larger than life. */
  fit(): void {
    this.fitted = true;
    if (this.places === null) return;
    const w = this.cy.width();
    const h = this.cy.height();
    const k = Math.min(projector() ? 1.6 : 1, w / this.places.width, h / this.places.height);
    this.cy.viewport({ zoom: k, pan: { x: Math.max(0, (w - this.places.width * k) / 2), y: Math.max(0, (h - this.places.height * k) / 2) } });
    this.tell();
  }

  resize(): void {
    this.cy.resize();
    if (this.fitted) this.fit();
  }

  /** The nearest host from `id` in a direction, for arrow keys. */
  neighbour(id: string, dx: number, dy: number): string | null {
    const from = this.cy.getElementById(id);
    if (from.empty()) return null;
    const p = from.position();
    let best: string | null = null;
    let bestCost = Infinity;
    for (const n of this.cy.nodes().toArray()) {
      if (n.id() === id || !n.id().startsWith('host:')) continue;
      const q = n.position();
      const ahead = (q.x - p.x) * dx + (q.y - p.y) * dy;
      const aside = Math.abs((q.x - p.x) * dy) + Math.abs((q.y - p.y) * dx);
      if (ahead > 10 && ahead + aside * 2 < bestCost) { best = n.id(); bestCost = ahead + aside * 2; }
    }
    return best;
  }

  destroy(): void { this.cy.destroy(); }

  private tell(): void {
    const p = this.cy.pan();
    this.changed({ x: p.x, y: p.y, k: this.cy.zoom() });
  }
}
