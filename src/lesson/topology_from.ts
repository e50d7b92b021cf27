// A lesson's lab section as a topology: plain data in, plain data out, so that the course page needs no engine.
import type { Topology, TopologyHost, TopologyInterface, TopologyService } from '../lab/topology';
import type { Lesson } from './schema';

/** The topology of a lesson whose variables are filled in. */
export function topologyOfLesson(lesson: Lesson): Topology {
  return {
    image: lesson.lab.image,
    segments: Object.entries(lesson.lab.segments).map(([name, subnet]) => ({ name, subnet })),
    hosts: Object.entries(lesson.lab.hosts).map(([name, h]): TopologyHost => {
      const interfaces: Record<string, TopologyInterface> = {};
      for (const [dev, i] of Object.entries(h.interfaces)) {
        if (typeof i === 'string') {
          const [segment, address] = i.split(' ') as [string, string];
          interfaces[dev] = { segment, address };
        } else interfaces[dev] = JSON.parse(JSON.stringify(i)) as TopologyInterface;
      }
      const services: TopologyService[] = Object.entries(h.services ?? {}).map(([, pages]) => ({ type: 'http', port: 80, body: '', pages: Object.fromEntries(Object.entries(pages).map(([p, text]) => [p, text.endsWith('\n') ? text : `${text}\n`])) }));
      const out: TopologyHost = { name, interfaces };
      if (h.role !== undefined) out.role = h.role;
      if (h.image !== undefined) out.image = h.image;
      if (h.gateway !== undefined) out.gateway = h.gateway;
      if (h.routes !== undefined) out.routes = h.routes;
      if (h.sysctl !== undefined) out.sysctl = h.sysctl;
      if (h.files !== undefined) out.files = JSON.parse(JSON.stringify(h.files)) as NonNullable<TopologyHost['files']>;
      if (h.packages !== undefined) out.packages = h.packages;
      if (h.enabled !== undefined) out.enabled = h.enabled;
      if (services.length > 0) out.services = services;
      return out;
    }),
  };
}
