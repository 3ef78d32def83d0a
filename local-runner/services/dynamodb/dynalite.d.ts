declare module 'dynalite' {
  import { Server } from 'http';

  export default function dynalite(options: { createTableMs?: number; deleteTableMs?: number; updateTableMs?: number }): Server;
}
