/** What other scripts of the staff pages bring; read by tsc alone, never by a browser. */

declare const tus: any;
