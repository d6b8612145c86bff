export function runtimes(): { name: string; command: string[] | undefined }[];
export function run(command: string[], url: string): { status: number | null; stdout: string; stderr: string };
